"""The nightly run as an Airflow DAG: prepare, retrain, evaluate.

Each task runs deploy/bin/coppice, so that a job's exit code decides what Airflow does next:
configuration, bad input and a model refused by the regression gate (2, 3, 4) are not tried again,
a lock held by another run (5) and anything else (1) are.

Needs Airflow 2.4 or later, and on the worker a checkout of Coppice, a JDK 17 and bash. The gate is
inside retrain: a worse model is not published, and what is served stays as it is.

Airflow variables, all optional:
  coppice_home        the checkout; default /opt/coppice
  coppice_conf        the configuration file; default /etc/coppice/coppice.conf
  coppice_master      COPPICE_MASTER of the launcher; default yarn
  coppice_spark_opts  COPPICE_SPARK_OPTS of the launcher: executors, memory
"""

from __future__ import annotations

import os
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

from airflow import DAG
from airflow.exceptions import AirflowException, AirflowFailException
from airflow.models import Variable

try:
    from airflow.providers.standard.operators.python import PythonOperator
except ImportError:  # Airflow 2
    from airflow.operators.python import PythonOperator

# See deploy/README.md, "Exit codes".
FINAL = {
    2: "usage or configuration",
    3: "bad input",
    4: "the new model is worse than the published one, which stays",
}


def run(job: str, run_id: str) -> None:
    """Runs one job to its end; its output becomes the task's log."""
    home = Path(Variable.get("coppice_home", default_var="/opt/coppice"))
    conf = Variable.get("coppice_conf", default_var="/etc/coppice/coppice.conf")
    command = [
        str(home / "deploy" / "bin" / "coppice"),
        job,
        "--conf",
        conf,
        "--set",
        f"runId={run_id}",
    ]
    environment = {
        "COPPICE_MASTER": Variable.get("coppice_master", default_var="yarn"),
        "COPPICE_SPARK_OPTS": Variable.get("coppice_spark_opts", default_var=""),
    }
    code = execute(command, environment)
    if code in FINAL:
        raise AirflowFailException(f"coppice {job} ended with {code}: {FINAL[code]}")
    if code != 0:
        raise AirflowException(f"coppice {job} ended with {code}")


def execute(command: list[str], environment: dict[str, str]) -> int:
    """Runs a command with more environment, prints what it prints, and returns its exit code."""
    with subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                print(line, end="", flush=True)
        except BaseException:
            # A task that Airflow ends takes its driver with it.
            process.terminate()
            raise
        return process.wait()


with DAG(
    dag_id="coppice_retrain",
    description="New interactions to a new model, published if it is not worse",
    schedule="30 2 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=10)},
    tags=["coppice"],
) as dag:
    tasks = [
        PythonOperator(
            task_id=job,
            python_callable=run,
            # The same for every try of a task: a job that is done under this id does nothing.
            op_kwargs={"job": job, "run_id": "{{ ds_nodash }}"},
            execution_timeout=timedelta(hours=6),
        )
        for job in ("prepare", "retrain", "evaluate")
    ]
    for before, after in zip(tasks, tasks[1:]):
        before >> after

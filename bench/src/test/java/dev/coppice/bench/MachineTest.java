package dev.coppice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
  @TempDir Path dir;

  private void git(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git", "-c", "user.name=A", "-c"));
    command.add("user.email=a@example.org");
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("log").toFile())
            .start();
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
  }

  @Test
  void theCommitIsThatOfTheCheckout() throws Exception {
    assertThat(Machine.commit(dir)).isEqualTo("(unknown)");
    git("init", "--quiet");
    assertThat(Machine.commit(dir)).isEqualTo("(unknown)");
    Files.writeString(dir.resolve("A.java"), "class A {}");
    Files.writeString(dir.resolve("RESULTS.md"), "none");
    git("add", "A.java", "RESULTS.md");
    git("commit", "--quiet", "--no-gpg-sign", "-m", "first");
    String commit = Machine.commit(dir);
    assertThat(commit).matches("[0-9a-f]{7,}");
    Files.writeString(dir.resolve("RESULTS.md"), "some");
    assertThat(Machine.commit(dir)).isEqualTo(commit);
    Files.createDirectory(dir.resolve("below"));
    Files.writeString(dir.resolve("A.java"), "class A { int a; }");
    assertThat(Machine.commit(dir)).isEqualTo(commit + " with changes");
    assertThat(Machine.commit(dir.resolve("below"))).isEqualTo(commit + " with changes");
  }

  @Test
  void theFactsNameTheCommitBesideTheDate() {
    assertThat(Machine.facts().keySet()).startsWith("date", "commit");
  }
}

'use strict';
(() => {
  const report = JSON.parse(document.getElementById('data').textContent);
  const root = document.documentElement;
  root.classList.add('scripted');
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;

  const count = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
  const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 4 });
  const fine = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6 });
  const share = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 2 });
  const range = (from, to) => from === to ? count.format(from) : count.format(from) + '–' + count.format(to);

  let colours;
  const readColours = () => {
    const style = getComputedStyle(root);
    colours = Object.fromEntries(['card', 'ink', 'soft', 'line', 'one', 'two', 'three', 'four', 'rest']
      .map(name => [name, style.getPropertyValue('--' + name).trim()]));
  };

  // The tooltip is built of text nodes: nothing in the data is ever read as HTML.
  const tip = (title, rows) => {
    const box = document.createElement('div');
    box.className = 'tip';
    box.append(Object.assign(document.createElement('b'), { textContent: title }));
    rows.forEach(([name, value]) =>
      box.append(Object.assign(document.createElement('div'), { textContent: name + ': ' + value })));
    return box;
  };

  const axisText = () => ({ color: colours.soft, fontSize: 12 });
  const category = (name, data, more) => ({
    type: 'category', data, name, nameLocation: 'middle', nameGap: 28, nameTextStyle: axisText(),
    axisLabel: { ...axisText(), hideOverlap: true }, axisTick: { show: false },
    axisLine: { lineStyle: { color: colours.line } }, ...more
  });
  const value = more => ({
    type: 'value', axisLabel: { ...axisText(), formatter: v => short.format(v) },
    splitLine: { lineStyle: { color: colours.line } }, ...more
  });
  const base = (tooltip, names) => ({
    animation: !still, animationDuration: 300, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 16, top: names ? 40 : 16, bottom: 34 },
    tooltip: {
      trigger: 'axis', confine: true, backgroundColor: colours.card, borderColor: colours.line,
      textStyle: { color: colours.ink, fontSize: 13 }, axisPointer: { lineStyle: { color: colours.soft } }, formatter: tooltip
    },
    ...(names && { legend: { type: 'scroll', pageIconColor: colours.ink, pageIconInactiveColor: colours.rest, pageTextStyle: axisText(), data: names, top: 0, left: 4, textStyle: axisText(), itemWidth: 22, itemHeight: 10, inactiveColor: colours.rest } })
  });
  const line = (name, data, colour, more) => ({
    name, type: 'line', data, color: colour, symbolSize: 7, lineStyle: { width: 2 }, showSymbol: data.length <= 40, ...more
  });

  const sweeps = report.sweeps.map(sweep => sweep.sweep);
  const sweepAxis = more => category('sweep', sweeps, more);
  const best = () => report.bestSweep > 0 && {
    symbol: 'none', silent: true, lineStyle: { color: colours.ink, type: [2, 4], width: 2 },
    label: { show: false }, data: [{ xAxis: String(report.bestSweep) }]
  };

  const loss = () => ({
    ...base(([point]) => {
      const sweep = report.sweeps[point.dataIndex];
      return tip('Sweep ' + sweep.sweep, [['loss', sweep.loss === null ? 'not measured' : fine.format(sweep.loss)]]);
    }),
    xAxis: sweepAxis({ boundaryGap: false }),
    yAxis: value({ scale: true }),
    series: [line('loss', report.sweeps.map(sweep => sweep.loss), colours.one)]
  });

  const metrics = () => {
    const all = [...new Set(report.sweeps.flatMap(sweep => Object.keys(sweep.metrics)))];
    // One scale and four kinds of line: the metrics of accuracy first. The table holds them all.
    const accuracy = all.filter(name => /^(recall|ndcg|precision|hitrate|hr|map|mrr|auc)(@|$)/i.test(name));
    const names = (accuracy.length ? accuracy : all).slice(0, 4);
    const marks = ['circle', 'rect', 'triangle', 'diamond'];
    const strokes = ['solid', 'dashed', 'dotted', [8, 3, 2, 3]];
    const shades = [colours.one, colours.two, colours.three, colours.four];
    const shown = v => v === null || v === undefined ? 'not measured' : v.toFixed(4);
    return {
      ...base(([point]) => {
        const sweep = report.sweeps[point.dataIndex];
        return tip('Sweep ' + sweep.sweep + (sweep.sweep === report.bestSweep ? ', kept' : ''),
          names.map(name => [name, shown(sweep.metrics[name])]));
      }, names),
      xAxis: sweepAxis({ boundaryGap: false }),
      yAxis: value({ scale: true }),
      series: names.map((name, i) => line(name, report.sweeps.map(sweep => sweep.metrics[name] ?? null), shades[i], {
        symbol: marks[i], lineStyle: { width: 2, type: strokes[i] }, connectNulls: true, ...(i === 0 && { markLine: best() })
      }))
    };
  };

  const moved = () => {
    const bars = (name, field, colour, decal) => ({
      name, type: 'bar', barMaxWidth: 28, barGap: '10%', data: report.sweeps.map(sweep => sweep[field]),
      itemStyle: { color: colour, borderRadius: [2, 2, 0, 0], decal }
    });
    return {
      ...base(([point]) => {
        const sweep = report.sweeps[point.dataIndex];
        return tip('Sweep ' + sweep.sweep, [
          ['update ratio', share.format(sweep.updateRatio ?? 0)],
          ['user weights', count.format(sweep.userMoved)], ['item weights', count.format(sweep.itemMoved)]]);
      }, ['user weights', 'item weights']),
      xAxis: sweepAxis(),
      yAxis: value(),
      series: [
        bars('user weights', 'userMoved', colours.one),
        bars('item weights', 'itemMoved', colours.two, { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: Math.PI / 4, color: 'rgba(255,255,255,.35)' })
      ]
    };
  };

  const rows = (side, colour) => () => {
    const bands = report.rowDistribution[side];
    const labels = bands.map(band => count.format(band.degreeFrom));
    const names = ['median', 'mean', { name: 'middle 80 %', icon: 'roundRect', itemStyle: { color: colour(), opacity: .35 } }, { name: 'rows', icon: 'roundRect' }];
    const flat = { type: 'line', stack: 'band', symbol: 'none', lineStyle: { opacity: 0 }, silent: true };
    const frame = base(([point]) => {
      const band = bands[point.dataIndex];
      return tip('Degree ' + range(band.degreeFrom, band.degreeTo), [
        ['rows', count.format(band.rows)], ['median', count.format(band.p50)], ['mean', count.format(band.meanWeights)],
        ['middle 80 %', count.format(band.p10) + ' to ' + count.format(band.p90)]]);
    }, names);
    return {
      ...frame,
      axisPointer: { link: [{ xAxisIndex: 'all' }] },
      grid: [{ left: 48, right: 16, top: 44, height: '42%' }, { left: 48, right: 16, bottom: 46, height: '18%' }].map(g => ({ ...g, outerBoundsMode: 'none' })),
      xAxis: [
        category('', labels, { axisLabel: { show: false } }),
        category('degree, from', labels, { gridIndex: 1 })
      ],
      yAxis: [
        value({ min: 0, splitNumber: 4 }),
        value({ gridIndex: 1, splitNumber: 2 })
      ],
      series: [
        { ...flat, data: bands.map(band => band.p10) },
        { ...flat, name: 'middle 80 %', color: colour(), data: bands.map(band => band.p90 - band.p10), areaStyle: { color: colour(), opacity: .2 } },
        line('median', bands.map(band => band.p50), colour()),
        line('mean', bands.map(band => band.meanWeights), colours.soft, { lineStyle: { width: 2, type: 'dashed' }, symbol: 'rect', symbolSize: 5 }),
        { name: 'rows', type: 'bar', xAxisIndex: 1, yAxisIndex: 1, data: bands.map(band => band.rows), barMaxWidth: 28, itemStyle: { color: colours.rest, borderRadius: [2, 2, 0, 0] } }
      ]
    };
  };

  const dimensions = (side, colour) => () => {
    const counts = report.dimensions[side];
    // Not more bars than a screen can show: neighbours share one, at their mean.
    const width = Math.ceil(counts.length / 512);
    const bins = [];
    for (let from = 0; from < counts.length; from += width) {
      const part = counts.slice(from, from + width);
      bins.push({ from, to: from + part.length - 1, mean: part.reduce((a, b) => a + b, 0) / part.length });
    }
    const step = 2 ** Math.max(0, Math.ceil(Math.log2(bins.length / 8)));
    const even = counts.reduce((a, b) => a + b, 0) / counts.length;
    return {
      ...base(([point]) => tip('Dimension ' + range(bins[point.dataIndex].from, bins[point.dataIndex].to),
        [[width === 1 ? 'weights' : 'weights, mean', count.format(bins[point.dataIndex].mean)]])),
      xAxis: category('dimension', bins.map(bin => count.format(bin.from)), { axisLabel: { ...axisText(), interval: i => i % step === 0 } }),
      yAxis: value({ min: 0 }),
      series: [{ name: 'weights', type: 'bar', barCategoryGap: bins.length > 160 ? '0%' : '15%', data: bins.map(bin => bin.mean), itemStyle: { color: colour() }, markLine: {
        symbol: 'none', silent: true, label: { show: false }, lineStyle: { color: colours.ink, type: 'dashed' }, data: [{ yAxis: even }]
      } }]
    };
  };

  const options = {
    loss, metrics, moved,
    userRows: rows('users', () => colours.one),
    itemRows: rows('items', () => colours.two),
    userDimensions: dimensions('users', () => colours.one),
    itemDimensions: dimensions('items', () => colours.two)
  };

  const charts = [...document.querySelectorAll('[data-chart]')].map(place =>
    ({ place, make: options[place.dataset.chart], chart: coppiceCharts.init(place, null, { renderer: 'svg' }) }));
  const draw = () => {
    readColours();
    charts.forEach(({ chart, make }) => chart.setOption(make(), true));
  };
  const resize = () => charts.forEach(({ chart }) => chart.resize());
  draw();
  new ResizeObserver(resize).observe(document.querySelector('main'));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);

  // Paper has no summary to open.
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('details:not([open])')];
    opened.forEach(details => { details.open = true; });
    draw();
    resize();
  });
  addEventListener('afterprint', () => {
    opened.forEach(details => { details.open = false; });
    draw();
    resize();
  });
})();

// Draws the chart of a municipality's page from the table beside it: one set of figures, shown twice.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("chart");
  const rows = [...document.querySelectorAll("#chart-data tbody tr")];
  if (!place || !rows.length) return;
  const { time } = place.dataset;
  const names = [...document.querySelectorAll(".chart-key li")].map((item) => item.textContent);
  const values = rows.map(({ dataset }) => (dataset.values ? dataset.values.split(" ").map(Number) : [null, null, null])); // not come yet
  const index = rows.map((_, position) => position);
  const labels = rows.map((row) => row.querySelector("th").textContent);
  const look = getComputedStyle(document.documentElement);
  const colour = (name) => look.getPropertyValue(name).trim();
  const longest = Math.max(...labels.map((label) => label.length));
  const font = "14px 'IBM Plex Sans', sans-serif";
  const bars = (share) => uPlot.paths.bars({ size: [share, 64], radius: 0.12 });
  const most = Math.max(1, ...values.flat());
  const size = () => ({ width: place.clientWidth, height: place.clientHeight - 34 });

  const chart = new uPlot({
    ...size(),
    padding: [8, 8, 0, 0],
    cursor: { points: { show: false }, drag: { x: false, y: false } },
    legend: { live: true, markers: { show: false } },
    scales: { x: { time: false, range: [-0.6, rows.length - 0.4] }, y: { range: [0, Math.ceil(most * 1.12)] } },
    axes: [
      { font, stroke: colour("--ink-soft"), grid: { show: false }, ticks: { show: false }, gap: 8, space: 24 + 8 * longest, values: (_, places) => places.map((p) => (Number.isInteger(p) ? (labels[p] ?? "") : "")) },
      { font, stroke: colour("--ink-soft"), grid: { stroke: "#ebe8e1", width: 1 }, ticks: { show: false }, size: 48, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] },
    ],
    series: [
      { label: time, value: (_, p) => (p === null ? "–" : labels[p]) },
      { label: names[0], fill: colour("--petrol-tint"), stroke: "#7fa9ae", width: 1, paths: bars(0.86), points: { show: false } },
      { label: names[1], fill: colour("--petrol"), stroke: colour("--petrol"), width: 0, paths: bars(0.52), points: { show: false } },
      { label: names[2], stroke: colour("--coral"), width: 2, points: { show: true, size: 8, fill: "#fff", width: 2 } },
    ],
  }, [index, ...[0, 1, 2].map((column) => values.map((row) => row[column]))], place);
  new ResizeObserver(() => chart.setSize(size())).observe(place);
});

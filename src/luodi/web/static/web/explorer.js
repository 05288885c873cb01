/* Charts: the engine is fetched when a chart comes into sight; its numbers stand in the page, the table behind it too. */
(function () {
  "use strict";
  var loading = null;

  function engine(address) {
    if (window.echarts) return Promise.resolve(window.echarts);
    if (!loading) loading = new Promise(function (resolve, reject) {
      var script = document.createElement("script");
      script.src = address;
      script.onload = function () { resolve(window.echarts); };
      script.onerror = reject;
      document.head.appendChild(script);
    });
    return loading;
  }

  function options(data) {
    var bars = data.kind === "bar", many = data.labels.length > 8, wide = window.innerWidth > 700;
    return {
      animation: false,
      backgroundColor: "#fff",
      color: ["#14508c", "#c75a12"],
      title: { text: data.title, left: "center", top: 4, textStyle: { fontSize: wide ? 13 : 11, fontWeight: "normal", color: "#1c2733", width: wide ? undefined : window.innerWidth - 90, overflow: wide ? "none" : "break" } },
      legend: data.series.length > 1 ? { bottom: 0 } : undefined,
      grid: { left: 8, right: 16, top: wide ? 44 : 62, bottom: data.series.length > 1 ? 30 : 8, containLabel: true },
      tooltip: { trigger: "axis", renderMode: "richText" },
      xAxis: { type: "category", data: data.labels, axisLabel: { interval: 0, rotate: many ? 35 : 0 } },
      yAxis: { type: "value", name: data.unit, nameTextStyle: { align: "left" }, scale: !bars },
      series: data.series.map(function (one, n) {
        return {
          type: data.kind, name: one.name, data: one.values, barMaxWidth: 36, connectNulls: false,
          lineStyle: n ? { type: "dashed" } : undefined, symbol: n ? "diamond" : "circle", symbolSize: 7,
          label: {
            show: bars && (!many || window.innerWidth > 700), position: "top", fontSize: 11,
            formatter: function (one) { return one.value === null ? "" : Number(one.value).toLocaleString("en-US"); }
          }
        };
      })
    };
  }

  function draw(box) {
    var source = document.querySelector(box.dataset.chart);
    if (!source) return;
    engine(box.dataset.engine).then(function (echarts) {
      var chart = echarts.init(box, null, { renderer: "canvas" });
      chart.setOption(options(JSON.parse(source.textContent)));
      box.dataset.drawn = "1";
      window.addEventListener("resize", function () { chart.resize(); });
    });
  }

  function picture(button) {
    var box = button.closest("section").querySelector("[data-chart]");
    var chart = window.echarts && window.echarts.getInstanceByDom(box);
    return chart ? chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: "#fff" }) : null;
  }

  function bytes(address) {
    var raw = atob(address.split(",")[1]), found = new Uint8Array(raw.length);
    for (var n = 0; n < raw.length; n++) found[n] = raw.charCodeAt(n);
    return new Blob([found], { type: "image/png" });
  }

  function say(button, text) {
    var before = button.innerHTML;
    button.textContent = text;
    setTimeout(function () { button.innerHTML = before; }, 1500);
  }

  function save(button, text) {
    var address = picture(button);
    if (!address) return;
    var link = document.createElement("a");
    link.href = address;
    link.download = document.querySelector("h1").textContent.trim() + ".png";
    link.click();
    say(button, text);
  }

  luodi.on("click", "[data-chart-save]", function (e, button) { save(button, button.dataset.done); });
  // Old browsers and plain http have no clipboard for pictures: the picture is saved instead, and the button says so.
  luodi.on("click", "[data-chart-copy]", function (e, button) {
    var address = picture(button);
    if (!address) return;
    if (!(navigator.clipboard && navigator.clipboard.write && window.ClipboardItem)) { save(button, button.dataset.saved); return; }
    navigator.clipboard.write([new ClipboardItem({ "image/png": bytes(address) })]).then(
      function () { say(button, button.dataset.done); },
      function () { save(button, button.dataset.saved); }
    );
  });

  var boxes = document.querySelectorAll("[data-chart]");
  if (!("IntersectionObserver" in window)) { boxes.forEach(draw); return; }
  var watcher = new IntersectionObserver(function (seen) {
    seen.forEach(function (one) {
      if (one.isIntersecting) { watcher.unobserve(one.target); draw(one.target); }
    });
  });
  boxes.forEach(function (box) { watcher.observe(box); });
})();

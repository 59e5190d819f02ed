// The program of docs/traces.md: a page asks eight shards at once, by Promise.all and with an AbortController, 300 times each.
//
//   npm install @opentelemetry/api@1 @opentelemetry/sdk-trace-base@1 @opentelemetry/otlp-transformer@0.57
//   node fan-out.js trace.json
const fs = require("fs");
const { trace, context, SpanStatusCode } = require("@opentelemetry/api");
const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = require("@opentelemetry/sdk-trace-base");
const { JsonTraceSerializer } = require("@opentelemetry/otlp-transformer");

const exporter = new InMemorySpanExporter();
const tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).getTracer("shop");

// One of eight shards: 2 to 12 ms, one in 30 fails; with a signal it ends when that is raised.
function ask(shard, parent, signal) {
  const span = tracer.startSpan(`shard ${shard}`, {}, trace.setSpan(context.active(), parent));
  return new Promise((resolve, reject) => {
    const end = (error, type) => {
      if (type) span.setAttribute("error.type", type);
      if (type && type !== "AbortError") span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
      error ? reject(error) : resolve();
    };
    const fails = Math.random() < 1 / 30;
    const timer = setTimeout(() => end(fails && new Error("down"), fails && "ECONNREFUSED"), 2 + 10 * Math.random() * (fails ? 0.3 : 1));
    signal?.addEventListener("abort", () => { clearTimeout(timer); end(new Error("aborted"), "AbortError"); });
  });
}

async function page(name, aborts) {
  const parent = tracer.startSpan(name), controller = new AbortController();
  const shards = Array.from({ length: 8 }, (_, i) => ask(i, parent, aborts ? controller.signal : undefined));
  try { await Promise.all(shards); } catch { if (aborts) controller.abort(); }
  parent.end();
  await Promise.allSettled(shards);
}

(async () => {
  for (let i = 0; i < 300; i++) { await page("GET /page", false); await page("GET /page-abort", true); }
  fs.writeFileSync(process.argv[2], JsonTraceSerializer.serializeRequest(exporter.getFinishedSpans()));
})();

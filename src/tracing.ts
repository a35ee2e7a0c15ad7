import { SpanStatusCode, TraceFlags, type Tracer, trace } from '@opentelemetry/api';
import type { Sampler } from '@opentelemetry/sdk-trace-node';
import type { Telemetry } from 'bullmq';
import type { Deliver } from './core/ports/platform.ts';
import type { MailHandler } from './core/ports/store.ts';
import type { AttemptEnd } from './core/turn-report.ts';

const serviceName = 'coze-bridge';

/** `SamplingDecision`, without loading the library before it is needed. */
const notRecorded = 0;
const recorded = 2;

/** What is not sent by then is lost: nobody waits for a collector that is away. */
const farewellMs = 2_000;

/** Follows a message from the gateway to the end of its answer, in whichever process that is. */
export interface Tracing {
  /** Takes the trace along with a ring of the doorbell. */
  readonly telemetry: Telemetry;
  traceDeliver(deliver: Deliver): Deliver;
  traceTurns(handler: MailHandler): MailHandler;
  /** Hears, within the turn, how it has ended. */
  watch(end: AttemptEnd): void;
  close(): Promise<void>;
}

/** Sends traces to an OpenTelemetry collector, by HTTP. As in the log, there is no id of a platform and no text in them. */
export async function openTracing({ endpoint, role }: { endpoint: string; role: string }): Promise<Tracing> {
  const [
    { BullMQOtel },
    { BatchSpanProcessor, NodeTracerProvider },
    { OTLPTraceExporter },
    { resourceFromAttributes },
  ] = await Promise.all([
    import('bullmq-otel'),
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'coze_bridge.role': role }),
    sampler,
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  // So that a span knows the one that it is within.
  provider.register();
  const tracer = provider.getTracer(serviceName);
  return {
    telemetry: new BullMQOtel({ tracerName: serviceName }),
    traceDeliver: (deliver) => (message) => {
      const { platform } = message.target;
      return within(tracer, 'message', { 'coze_bridge.platform': platform }, () => deliver(message));
    },
    traceTurns: (handler) => ({
      answer(delivery) {
        const { platform } = delivery.message.target;
        const attributes = { 'coze_bridge.platform': platform, 'coze_bridge.attempt': delivery.attempt };
        return within(tracer, 'turn', attributes, () => handler.answer(delivery));
      },
      giveUp: (delivery, error) => handler.giveUp(delivery, error),
    }),
    watch: noteEnd,
    async close() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, farewellMs).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
    },
  };
}

/** Messages, turns, and what is within them: BullMQ would tell of each second in which it found nothing to do. */
const sampler: Sampler = {
  shouldSample(context, _traceId, name) {
    const { traceFlags = TraceFlags.NONE } = trace.getSpanContext(context) ?? {};
    const isWanted = name === 'message' || name === 'turn' || (traceFlags & TraceFlags.SAMPLED) !== 0;
    return { decision: isWanted ? recorded : notRecorded };
  },
  toString: () => 'messages and turns',
};

function within<Result>(
  tracer: Tracer,
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  work: () => Promise<Result>,
): Promise<Result> {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      // Its words may hold anything.
      span.setStatus({
        code: SpanStatusCode.ERROR,
        message: error instanceof Error ? error.name : 'unknown',
      });
      throw error;
    } finally {
      span.end();
    }
  });
}

function noteEnd({ outcome, report }: AttemptEnd): void {
  const span = trace.getActiveSpan();
  if (!span) return;
  span.setAttribute('coze_bridge.outcome', outcome);
  if (!report) return;
  const { tookMs, askedMs, firstTextMs, firstPaintMs, mostBehindMs, writes, usage, failure } = report;
  const startedAt = Date.now() - tookMs;
  const moments = [
    ['asked', askedMs],
    ['first text', firstTextMs],
    ['first paint', firstPaintMs],
  ] as const;
  for (const [name, ms] of moments) if (ms !== undefined) span.addEvent(name, startedAt + ms);
  span.setAttributes({
    'coze_bridge.writes': writes,
    ...(mostBehindMs !== undefined && { 'coze_bridge.most_behind_ms': mostBehindMs }),
    ...(usage && { 'coze_bridge.tokens.input': usage.input, 'coze_bridge.tokens.output': usage.output }),
  });
  if (failure) span.setStatus({ code: SpanStatusCode.ERROR, message: failure.kind });
}

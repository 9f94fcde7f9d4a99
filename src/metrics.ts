/** What Prometheus reads at /metrics: names of the field, no names of people. */

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Counters } from './core/gateway.ts'

export interface Metrics {
  registry: Registry
  counters: Counters
  signatureFailure(channelId: string): void
  http: Histogram<'method' | 'route' | 'status'>
  gauge(name: string, help: string, labels: string[], collect: () => Promise<{ labels: Record<string, string>; value: number }[]>): void
}

export function openMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const inbound = new Counter({ name: 'balcao_inbound_total', help: 'Inbound messages by what became of them.', labelNames: ['outcome', 'channel'], registers })
  const outbound = new Counter({ name: 'balcao_outbound_total', help: 'Send attempts by what became of them.', labelNames: ['outcome', 'channel'], registers })
  const latency = new Histogram({
    name: 'balcao_outbound_seconds', help: 'From queued to sent.', labelNames: ['channel'], registers,
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 300, 3_600],
  })
  const signatures = new Counter({ name: 'balcao_signature_failures_total', help: 'Webhooks refused for their signature.', labelNames: ['channel'], registers })
  const http = new Histogram({
    name: 'http_server_request_duration_seconds', help: 'Requests of the inbox, by route.', labelNames: ['method', 'route', 'status'], registers,
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
  })
  return {
    registry,
    http,
    counters: {
      received: (what, channel, times) => { if (times > 0) inbound.inc({ outcome: what, channel }, times) },
      sent(what, channel, seconds) {
        outbound.inc({ outcome: what, channel })
        if (what === 'sent') latency.observe({ channel }, seconds)
      },
    },
    signatureFailure: (channel) => signatures.inc({ channel }),
    gauge(name, help, labelNames, collect) {
      const gauge: Gauge = new Gauge({
        name, help, registers, labelNames,
        async collect() {
          const readings = await collect()
          gauge.reset()
          for (const { labels, value } of readings) gauge.set(labels, value)
        },
      })
    },
  }
}

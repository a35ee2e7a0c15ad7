import { describe, expect, test } from 'vitest';
import { type ConfigError, readConfig } from '../src/config.ts';
import type { Environment } from '../src/variables.ts';

const read = (env: Environment) =>
  readConfig({ COZE_API_TOKEN: 'pat_0123456789', COZE_BOT_ID: '7300000000000000001', ...env }, []);

describe('the metrics server', () => {
  test('is off without a port, and on this machine alone without a host', () => {
    expect(read({ METRICS_HOST: '0.0.0.0' }).metrics).toBeUndefined();
    expect(read({ METRICS_PORT: '9464' }).metrics).toEqual({ host: '127.0.0.1', port: 9464 });
    const open = { METRICS_PORT: '9464', METRICS_HOST: '0.0.0.0' };
    expect(read(open).metrics).toEqual({ host: '0.0.0.0', port: 9464 });
  });

  test.each(['65536', '-1', '9464.5', 'nine'])('does not take %s for a port', (METRICS_PORT) => {
    const mistakes: ConfigError['mistakes'] = ['METRICS_PORT: must be a port from 0 to 65535'];
    expect(() => read({ METRICS_PORT })).toThrow(expect.objectContaining({ mistakes }));
  });

  test('is not mistaken for another setting when its name is', () => {
    expect(read({ METRICS_PORTS: '9464' }).warnings).toEqual([
      'METRICS_PORTS: unknown, and ignored; is it METRICS_PORT?',
    ]);
  });
});

test('traces go nowhere unless there is an address, which must be one', () => {
  expect(read({}).tracesTo).toBeUndefined();
  const to = (OTEL_EXPORTER_OTLP_ENDPOINT: string) => read({ OTEL_EXPORTER_OTLP_ENDPOINT }).tracesTo;
  expect(to('http://127.0.0.1:4318')).toBe('http://127.0.0.1:4318');
  const mistakes = ['OTEL_EXPORTER_OTLP_ENDPOINT: must look like http://127.0.0.1:4318'];
  expect(() => to('127.0.0.1:4318')).toThrow(expect.objectContaining({ mistakes }));
});

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { RateLimited } from '../../src/core/errors.ts';
import type { TurnReport } from '../../src/core/turn-report.ts';
import { createMetrics } from '../../src/metrics.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFakePlatform, target } from '../support/fake-platform.ts';

const docker = resolve(import.meta.dirname, '../../docker');

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

const { panels } = JSON.parse(readFileSync(join(docker, 'grafana/dashboards/coze-bridge.json'), 'utf8')) as {
  panels: readonly Panel[];
};

const report: TurnReport = {
  outcome: 'answered',
  chat: undefined,
  logid: undefined,
  usage: { total: 2, input: 1, output: 1 },
  followUps: undefined,
  failure: { kind: 'cut', retryable: false },
  writes: 1,
  askedMs: 1,
  firstTextMs: 1,
  firstPaintMs: 1,
  mostBehindMs: 1,
  tookMs: 1,
};

/** The text of a process in which everything has happened once. */
async function everything(): Promise<string> {
  const clock = createFakeClock();
  const look = async () => ({ lines: 1, oldestAt: 1, deadLetters: 1, workers: 1 });
  const metrics = createMetrics({ clock, look, parts: () => [{ name: 'crow', state: 'ready' }] });
  metrics.watch({ platform: 'crow', outcome: 'answered', report });
  const platform = createFakePlatform(clock);
  const sender = metrics.countCalls(platform.sender);
  await sender.post(target, { text: 'one' });
  platform.failNext(new RateLimited(1));
  await sender.post(target, { text: 'two' }).catch(() => undefined);
  const refusing = {
    draw: async () => 1,
    block: async () => {},
    learn: async () => {},
    leave: async () => {},
  };
  await metrics
    .countRefusals(refusing)
    .draw({ place: target, pace: platform.sender.pace(target), purpose: 'preview', answer: 'a' });
  return (await metrics.read()).text;
}

const alerts = readFileSync(join(docker, 'alerts.yml'), 'utf8');

test('the dashboard and the alerts ask for nothing but what the bridge tells, by labels that it has', async () => {
  const text = await everything();
  const expressions = [...alerts.matchAll(/expr: (.+)/g)].map(([, expr = '']) => expr);
  expect(expressions.length).toBeGreaterThan(5);
  const asked = [...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)), ...expressions];
  for (const expr of asked) {
    for (const [name = ''] of expr.matchAll(/\b(?:coze_bridge|process|nodejs)_\w+/g))
      expect(text, expr).toMatch(new RegExp(`^${name}[ {]`, 'm'));
    const [, by = ''] = /by \(([^)]*)\)/.exec(expr) ?? [];
    for (const label of by.split(', ').filter((each) => each !== '' && each !== 'role'))
      expect(text, expr).toContain(`${label}="`);
  }
});

test('and shows all that is told of the bridge itself', async () => {
  const told = [...(await everything()).matchAll(/^# TYPE (coze_bridge_\w+)/gm)].map(
    ([, name]) => name ?? '',
  );
  expect(told.length).toBeGreaterThan(10);
  const asked = JSON.stringify(panels);
  expect(told.filter((name) => !asked.includes(name))).toEqual([]);
});

test('each alert is named in the README', () => {
  const readme = readFileSync(join(docker, '../README.md'), 'utf8');
  for (const [, name = ''] of alerts.matchAll(/alert: (\w+)/g)) expect(readme).toContain(`\`${name}\``);
});

// Debian's package "prometheus" has it.
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

if (hasPromtool)
  test('an alert is raised by its own trouble, and by no other', () => {
    const { status, stderr } = spawnSync('promtool', ['test', 'rules', 'test/docker/alerts.yml'], {
      cwd: join(docker, '..'),
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
  });

test('every container is asked for its metrics where it has them', () => {
  const compose = readFileSync(join(docker, '../docker-compose.yml'), 'utf8');
  const [, port = ''] = /METRICS_PORT: (\d+)/.exec(compose) ?? [];
  const prometheus = readFileSync(join(docker, 'prometheus.yml'), 'utf8');
  const asked = [...prometheus.matchAll(/names: \[(\w+)\]\n\s+type: A\n\s+port: (\d+)/g)];
  expect(asked.map(([, name, at]) => [name, at])).toEqual([
    ['gateway', port],
    ['worker', port],
  ]);
  expect(compose).toContain(`http://127.0.0.1:${port}/health`);
});

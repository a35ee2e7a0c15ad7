import { readFileSync } from 'node:fs';

// What Linux counts, as it shows it under /proc, whoever asks.

/** Of the processor, in milliseconds: all threads, in the kernel too. */
export function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** In the memory now. */
export function residentBytesOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1_024;
}

/** Of all processors together, in milliseconds. */
export function machineMs(): { readonly idle: number; readonly all: number } {
  const line = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? '';
  // user nice system idle iowait irq softirq steal; what guests use is in `user` already.
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const [, , , idle = 0, waiting = 0] = ticks;
  return { idle: (idle + waiting) * tickMs, all: ticks.reduce((sum, each) => sum + each) * tickMs };
}

/** To programs Linux shows a hundred ticks a second, whatever it counts by. */
const tickMs = 10;

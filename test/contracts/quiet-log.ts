import type { Log } from '../../src/core/ports.ts';

export const quietLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

import type { Log } from '../../src/core/ports/world.ts';

export const quietLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

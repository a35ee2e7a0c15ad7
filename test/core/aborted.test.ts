import { describe, expect, test } from 'vitest';
import { abortingWith } from '../../src/core/aborted.ts';

describe('a controller that aborts with a signal', () => {
  test('gives its reason', () => {
    const source = new AbortController();
    const { signal } = abortingWith(source.signal);
    expect(signal.aborted).toBe(false);
    source.abort('lost');
    expect(signal.reason).toBe('lost');
  });

  test('is aborted from the start if the signal is', () => {
    expect(abortingWith(AbortSignal.abort('lost')).signal.reason).toBe('lost');
  });

  test('may abort before it, and keeps its own reason', () => {
    const source = new AbortController();
    const own = abortingWith(source.signal);
    own.abort('over');
    expect(source.signal.aborted).toBe(false);
    source.abort('lost');
    expect(own.signal.reason).toBe('over');
  });
});

import { expect, test } from 'vitest';
import { digestOf } from '../../src/core/digest.ts';

const part = { text: 'Hello 你好', format: { entities: [{ type: 'bold', offset: 0, length: 5 }] } };

test('equal parts have the same digest, wherever they come from', () => {
  expect(digestOf(part)).toBe(digestOf(structuredClone(part)));
  expect(digestOf({ ...part, buttons: [] })).toBe(digestOf(part));
});

test('whatever can be seen makes another one', () => {
  const others = [
    part,
    { ...part, text: 'Hello 你好!' },
    { text: part.text },
    { ...part, format: { entities: [{ type: 'bold', offset: 0, length: 4 }] } },
    { ...part, buttons: [{ label: 'Stop', data: 'stop/t/1' }] },
    { ...part, buttons: [{ label: 'Stop', data: 'stop/t/2' }] },
  ];
  expect(new Set(others.map(digestOf)).size).toBe(others.length);
});

test('ten thousand texts that differ by little have ten thousand digests', () => {
  const digests = Array.from({ length: 10_000 }, (_, index) => digestOf({ text: `${index} of them` }));
  expect(new Set(digests).size).toBe(digests.length);
});

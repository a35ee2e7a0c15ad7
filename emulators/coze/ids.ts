import { randomBytes, randomInt } from 'node:crypto';

/** Ids like Coze's: 19 digits, which no double can hold; the upper half is the second they were made in. */
export function createIds(): () => string {
  let low = randomInt(2 ** 32);
  return () => {
    low = (low + 7_919) % 2 ** 32;
    return String((BigInt(Math.floor(Date.now() / 1_000)) << 32n) + BigInt(low));
  };
}

/** What `X-Tt-Logid` looks like: the time, then hex digits. */
export function createLogid(): string {
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  return time + randomBytes(10).toString('hex').toUpperCase();
}

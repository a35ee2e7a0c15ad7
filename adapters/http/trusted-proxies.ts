import { isIP } from 'node:net';

/** Names of ranges that Fastify knows. */
const named = ['loopback', 'linklocal', 'uniquelocal'];

/** A range with fewer bits than a private network has would be much of the internet, where anybody is. */
const fewestBits = { 4: 8, 6: 7 } as const;
const mostBits = { 4: 32, 6: 128 } as const;

/** In this notation a range of IPv6 is one of IPv4, and few bits of it are none. */
const isMapped = (address: string): boolean => /^[0:]*:ffff:/i.test(address);

/** Whether it is an address, or a range, whose word for where a request comes from may be taken. */
export function isProxy(text: string): boolean {
  if (named.includes(text)) return true;
  const [, address = '', bits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIP(address);
  if (family !== 4 && family !== 6) return false;
  if (bits === undefined) return true;
  if (isMapped(address)) return false;
  return Number(bits) >= fewestBits[family] && Number(bits) <= mostBits[family];
}

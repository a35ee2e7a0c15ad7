import { expect, test } from 'vitest';
import { whyDeaf } from '../../src/core/listening.ts';

const place = {
  host: '10.0.0.9',
  port: 80,
  variables: { host: 'A_HOST', port: 'A_PORT' },
  besides: ', or none',
};

test.each([
  ['EADDRINUSE', 'A_PORT: another program has 10.0.0.9:80 (a second bridge?): choose another port, or none'],
  ['EACCES', 'A_PORT: this user may not listen at port 80: choose one above 1023, or none'],
  ['EADDRNOTAVAIL', 'A_HOST: this machine has no address 10.0.0.9'],
  ['ENOTFOUND', 'A_HOST: this machine has no address 10.0.0.9'],
  ['EMFILE', 'A_PORT: nobody can listen at 10.0.0.9:80 (EMFILE)'],
])('who cannot listen for %s learns which variable to change, and how', (code, words) => {
  expect(whyDeaf({ code }, place)).toBe(words);
});

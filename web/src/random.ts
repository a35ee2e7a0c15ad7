/** Nobody else's, and nobody can guess it. `crypto.randomUUID` is not there on a page of plain http. */
export const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

interface Place {
  readonly host: string;
  readonly port: number | string;
  /** The variables that have chosen it. */
  readonly variables: { readonly host: string; readonly port: string };
  /** What may, or must, be done besides when another port is chosen: `, or PORT=off`. */
  readonly besides?: string;
}

/** Why nobody can listen there, in words for the owner, by the code of Node's error. */
export function whyDeaf(error: unknown, { host, port, variables, besides = '' }: Place): string {
  const { code = 'unknown' } = error as { code?: string };
  const noAddress = `${variables.host}: this machine has no address ${host}`;
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `${variables.port}: another program has ${host}:${port} (a second bridge?): choose another port${besides}`,
    EACCES: `${variables.port}: this user may not listen at port ${port}: choose one above 1023${besides}`,
    EADDRNOTAVAIL: noAddress,
    ENOTFOUND: noAddress,
  };
  return reasons[code] ?? `${variables.port}: nobody can listen at ${host}:${port} (${code})`;
}

/** The bridge for a person who looks on. */
for (const stream of [process.stdin, process.stdout]) Object.assign(stream, { isTTY: true });
await import('../../src/main.ts');

/** What the platform is called in messages and keys. */
export const name = 'http';

/** What the name of everything in Redis begins with. */
export const defaultPrefix = 'coze-bridge';

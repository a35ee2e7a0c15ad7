import type { App } from './app.ts';

/** For routes to which nothing needs to be sent: what comes along, of whatever kind, is let go. */
export function withoutBody(app: App, addRoutes: (scope: App) => void): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null));
    addRoutes(scope);
  });
}

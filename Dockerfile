# What runs is the sources as they are: Node 24 reads TypeScript, so there is nothing to build but the page.
FROM node:24-slim AS page
WORKDIR /app
COPY package.json package-lock.json tsconfig.json ./
COPY web ./web
# What it shares with the server.
COPY adapters/http/wire.ts adapters/http/read-events.ts ./adapters/http/
# Builds it too.
RUN npm ci --no-audit --no-fund

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# What it would run is the building of the page.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
# Not needed here: tsx, and what @coze/api/ws-tools speaks to browsers with (a third of it all). The build ends when a
# name is not there any more, and when the bridge cannot do without one.
WORKDIR /app/node_modules
RUN rm -r tsx esbuild @esbuild @agora-js agora-* @coze/api/node_modules opus-encdec uuid \
      webrtc-adapter sdp ua-parser-js pako @types/pako @bufbuild \
      formdata-polyfill fetch-blob node-domexception web-streams-polyfill \
 && node -e "for (const name in require('../package.json').dependencies) if (name !== 'tsx') import(name)"

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
RUN mkdir data && chown node:node data
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY src ./src
COPY adapters ./adapters
COPY --from=page /app/web/dist ./web/dist
# The demo's stand-in for Coze.
COPY emulators ./emulators
USER node
RUN echo hello | node src/main.ts && node src/cli.ts --help
# Not by npm, which keeps signals to itself. Without the options garbage piles up: what a stream takes grows by half and more.
CMD ["node", "--max-semi-space-size=8", "--heap-growing-percent=20", "src/main.ts"]

# What runs is the sources, by tsx: there is nothing to build but the dependencies.
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24-slim
ENV NODE_ENV=production DATA_DIR=/data
WORKDIR /app
RUN mkdir /data && chown node:node /data
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY src ./src
COPY adapters ./adapters
# The demo's stand-in for Coze.
COPY emulators ./emulators
USER node
VOLUME /data
# Not by npm, which keeps signals to itself.
CMD ["node", "--import", "tsx", "src/main.ts"]

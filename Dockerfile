# syntax=docker/dockerfile:1
# Two targets: `cpu` (default) and `gpu`.
#   docker build -t boardwalk .                      docker run -p 8080:8080 boardwalk
#   docker build -t boardwalk:gpu --target gpu .     docker run --gpus all -p 8080:8080 boardwalk:gpu

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY bin bin
COPY scripts scripts
COPY src src
COPY workers workers
COPY benchmarks benchmarks
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

# TensorFlow 2.9, which tfjs-node-gpu 4.22 binds, looks for the CUDA 11 libraries by their major version
# (libcudart.so.11.0, libcublas.so.11, libcudnn.so.8): any 11.x runtime with cuDNN 8 serves.
FROM nvidia/cuda:11.8.0-cudnn8-runtime-ubuntu22.04 AS gpu
COPY --from=node:22-bookworm-slim /usr/local/bin/node /usr/local/bin/node
COPY --from=node:22-bookworm-slim /usr/local/lib/node_modules /usr/local/lib/node_modules
# The distribution keeps no old package versions, so a pinned one would stop building within weeks.
# hadolint ignore=DL3008
RUN ln -s /usr/local/lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates g++ make python3 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 1000 node
WORKDIR /app
COPY --from=build --chown=node:node /app ./
RUN npm install --no-save --no-audit --no-fund @tensorflow/tfjs-node-gpu@4.22.0 \
 && mkdir -p .boardwalk && chown node:node .boardwalk
COPY --chown=node:node graph-data graph-data
ENV NODE_ENV=production
USER 1000
EXPOSE 8080
VOLUME /app/.boardwalk
# The first start trains before it listens: ten minutes on two cores.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30m \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/livez').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/boardwalk.js"]
CMD ["demo", "--host", "0.0.0.0", "--port", "8080"]

FROM node:22-bookworm-slim AS cpu
WORKDIR /app
COPY --from=build --chown=node:node /app/package.json ./
COPY --from=build --chown=node:node /app/node_modules node_modules
COPY --from=build --chown=node:node /app/bin bin
COPY --from=build --chown=node:node /app/dist dist
COPY --chown=node:node graph-data graph-data
RUN mkdir .boardwalk && chown node:node . .boardwalk
ENV NODE_ENV=production
USER 1000
EXPOSE 8080
VOLUME /app/.boardwalk
# The first start trains before it listens: ten minutes on two cores.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30m \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/livez').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/boardwalk.js"]
CMD ["demo", "--host", "0.0.0.0", "--port", "8080"]

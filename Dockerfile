# syntax=docker/dockerfile:1
# The image for linux/amd64 and linux/arm64: task image. To pin the base images, set their digests:
#   --build-arg SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0@sha256:... --build-arg RUNTIME_IMAGE=...@sha256:...
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled

# The SDK runs on the builder's architecture, and compiles and links for the target's, without emulation.
FROM --platform=$BUILDPLATFORM ${SDK_IMAGE} AS build
ARG TARGETARCH
WORKDIR /source
COPY scripts/toolchain scripts/
RUN scripts/toolchain "$TARGETARCH"
COPY global.json version.json Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY ServiceProviderOcm.Core/*.csproj ServiceProviderOcm.Core/packages.lock.json ServiceProviderOcm.Core/
COPY ServiceProviderOcm.Worker/*.csproj ServiceProviderOcm.Worker/packages.image.lock.json ServiceProviderOcm.Worker/
COPY ServiceProviderOcm.Worker/Properties ServiceProviderOcm.Worker/Properties
RUN dotnet restore ServiceProviderOcm.Worker --locked-mode --arch "$TARGETARCH" -p:PublishProfile=image
# With .git, because the version is computed from it.
COPY . .
RUN dotnet publish ServiceProviderOcm.Worker --no-restore --arch "$TARGETARCH" -p:PublishProfile=image --output /app

# Without .NET, which is compiled into the program, without shell and package manager; with an unprivileged user.
FROM ${RUNTIME_IMAGE}
ARG VERSION=
ARG REVISION=
ARG CREATED=
LABEL org.opencontainers.image.title="service-provider-ocm" \
      org.opencontainers.image.description="Offers the OCM K8s Toolkit to the tenants of an openMCP platform" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.created="$CREATED"
# The runtime's diagnostics need a writable /tmp, which the pod does not have. With several arenas, memory of connections that have ended stays.
ENV DOTNET_EnableDiagnostics=0 MALLOC_ARENA_MAX=1
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
ENTRYPOINT ["/app/ServiceProviderOcm.Worker"]

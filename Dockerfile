# One image for every process: `onething api`, `onething worker`, `onething schema install`.
FROM python:3.11.14-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/onething
ENV PATH=/opt/onething/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY activities activities
COPY api api
COPY definitions definitions
COPY onething onething
COPY workflows workflows
COPY tools tools
# what pages carry that others wrote; it becomes part of the package
RUN python -m tools.web_assets
# compiled here: the workflow sandbox loads the workflow's module anew for every case
RUN pip install --no-deps --no-build-isolation . && python -m compileall -q /opt/onething

FROM python:3.11.14-slim-bookworm
# letters are set in Chinese, names with rare characters among them
RUN apt-get update && apt-get install -y --no-install-recommends fonts-noto-cjk && rm -rf /var/lib/apt/lists/*
# /var/lib/onething: where the simulated outside world keeps its effects; api and worker write nothing to disk
RUN install -d -o 10001 -g 10001 /var/lib/onething
COPY --from=build /opt/onething /opt/onething
ENV PATH=/opt/onething/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
EXPOSE 8000
ENTRYPOINT ["onething"]
CMD ["api"]

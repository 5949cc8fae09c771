-- One kind of request for wrk; the counts go out as a line of JSON.
-- Arguments: KIND FILE-OF-UUIDS, with KIND one of get, create, patch, or a path for a plain GET.
local uuids, kind, at = {}, nil, 0
local headers = {
    ["X-OpenStack-Ironic-API-Version"] = "1.115",
    ["Accept"] = "application/json",
    ["Content-Type"] = "application/json",
}

function init(arguments)
    kind = arguments[1]
    if arguments[2] then
        for line in io.lines(arguments[2]) do uuids[#uuids + 1] = line end
    end
    math.randomseed(os.time())
    at = math.random(1, math.max(#uuids, 1))
end

function request()
    at = at + 1
    if kind == "create" then
        return wrk.format("POST", "/v1/nodes", headers, string.format(
            '{"driver": "fake-hardware", "resource_class": "bench", "properties": {"cpus": %d, "memory_mb": 65536}, "extra": {"n": %d}}', at % 64, at))
    end
    local path = "/v1/nodes/" .. (uuids[at % #uuids + 1] or "")
    if kind == "get" then
        return wrk.format("GET", path, headers)
    elseif kind == "patch" then
        return wrk.format("PATCH", path, headers, string.format('[{"op": "replace", "path": "/extra/n", "value": %d}]', at))
    end
    return wrk.format("GET", kind, headers)
end

function done(summary, latency)
    io.write(string.format('\n{"requests": %d, "seconds": %.6f, "bytes": %d, "refused": %d, "lost": %d, "p50": %.3f, "p99": %.3f}\n',
        summary.requests, summary.duration / 1e6, summary.bytes, summary.errors.status,
        summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
        latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end

-- Posts the lines of a file, each once: path, bearer token and body, with tabs between them.
-- Globals where `done`, which runs outside of the thread, asks for them.
local lines = {}
given, faults = 0, 0

function setup(thread)
  the_thread = thread
end

function init(arguments)
  for line in io.lines(arguments[1]) do lines[#lines + 1] = line end
end

function request()
  given = given + 1
  local path, token, body = string.match(lines[given] or "/ran-out\t\t", "^(.-)\t(.-)\t(.*)$")
  local headers = { ["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/json" }
  return wrk.format("POST", path, headers, body)
end

function response(status)
  if status ~= 201 then faults = faults + 1 end
end

function done(summary, latency)
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "faults": %d, "lost": %d, "given": %d, "p50_ms": %.2f, "p99_ms": %.2f}\n',
    summary.requests, summary.duration / 1e6, the_thread:get("faults"),
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    the_thread:get("given"), latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end

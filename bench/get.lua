-- Gets the paths of a file, one after another and again from the first; each must lead elsewhere.
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
  return wrk.format("GET", lines[given % #lines + 1], { ["Accept"] = "text/html", ["Accept-Language"] = "zh-CN" })
end

function response(status)
  if status ~= 307 then faults = faults + 1 end
end

function done(summary, latency)
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "faults": %d, "lost": %d, "given": %d, "p50_ms": %.2f, "p99_ms": %.2f}\n',
    summary.requests, summary.duration / 1e6, the_thread:get("faults"),
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    the_thread:get("given"), latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end

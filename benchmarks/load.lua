-- For wrk: send the requests of a file in turn, look at every answer, and tell the figures as JSON.
-- Arguments: file, "once" or "again", wanted content type, least and greatest length of a body.

local ffi = require("ffi")
ffi.cdef("int getpid(void); int kill(int process, int signal);")

local sender

function setup(thread)
  sender = thread
end

function init(arguments)
  requests, place, answers, bad, first_bad = {}, 0, 0, 0, ""
  local file = assert(io.open(arguments[1], "rb"))
  for request in file:read("*a"):gmatch("[^%z]+") do
    requests[#requests + 1] = request
  end
  file:close()
  is_once, wanted_type = arguments[2] == "once", arguments[3]
  least, greatest = tonumber(arguments[4]), tonumber(arguments[5])
end

function request()
  place = place + 1
  if place <= #requests then
    return requests[place]
  end
  if not is_once then
    place = 1
    return requests[1]
  end
  -- All used up: end the run, and the clock with it. What is returned is sent and never answered.
  wrk.thread:stop()
  ffi.C.kill(ffi.C.getpid(), 2)
  return "GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
end

function response(status, headers, body)
  answers = answers + 1
  local kind = ""
  for name, value in pairs(headers) do
    if name:lower() == "content-type" then
      kind = value
    end
  end
  local is_wanted = kind:sub(1, #wanted_type) == wanted_type
  if status ~= 200 or not is_wanted or #body < least or #body > greatest then
    bad = bad + 1
    if bad == 1 then
      first_bad = status .. " " .. kind .. ", " .. #body .. " bytes"
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"answers": %d, "seconds": %.6f, "bytes": %d, "p50": %.3f, "p95": %.3f, "p99": %.3f, '
      .. '"lost": %d, "bad": %d, "first_bad": "%s"}\n',
    summary.requests, summary.duration / 1e6, summary.bytes,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.timeout,
    sender:get("bad"), sender:get("first_bad")
  ))
end

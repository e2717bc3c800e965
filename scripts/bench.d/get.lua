-- Asks for users: the arguments are a file with ids, one a line, and a path with {id} for them, and
-- the word seconds where it is to count what it asks in each second.
-- The requests are made beforehand, so that wrk has time for more.

local all = {}

function setup(thread)
  thread:set("number", #all)
  all[#all + 1] = thread
end

function init(args)
  requests = {}
  for id in io.lines(args[1]) do
    local path = string.gsub(args[2], "{id}", id)
    requests[#requests + 1] = "GET " .. path .. " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
  end
  -- Far apart, so that they do not ask for the same at the same time.
  position = math.floor(number * 0.618 * #requests) % #requests
  if args[3] == "seconds" then
    count_seconds()
  end
end

function request()
  position = position % #requests + 1
  return requests[position]
end

-- Each thread counts from its first request on; an answer is there as soon as the next request goes.
function count_seconds()
  local ffi = require("ffi")
  ffi.cdef("struct when { long s; long us; }; int gettimeofday(struct when *now, void *zone);")
  local now = ffi.new("struct when")
  local ask = request
  local began
  asked = {}
  request = function()
    ffi.C.gettimeofday(now, nil)
    local at = tonumber(now.s) + tonumber(now.us) / 1e6
    began = began or at
    local second = math.floor(at - began) + 1
    asked[second] = (asked[second] or 0) + 1
    return ask()
  end
end

function done(summary)
  local sums = {}
  for _, thread in ipairs(all) do
    for second, count in pairs(thread:get("asked") or {}) do
      sums[second] = (sums[second] or 0) + count
    end
  end
  local line = {}
  -- What follows the last whole second is left out.
  for second = 1, math.floor(summary.duration / 1e6 + 0.05) do
    line[second] = sums[second] or 0
  end
  if #line > 0 and next(sums) then
    print("asked by second: " .. table.concat(line, " "))
  end
end

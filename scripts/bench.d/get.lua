-- Asks for users: the arguments are a file with ids, one a line, and a path with {id} for them.
-- The requests are made beforehand, so that wrk has time for more.

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  requests = {}
  for id in io.lines(args[1]) do
    local path = string.gsub(args[2], "{id}", id)
    requests[#requests + 1] = "GET " .. path .. " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
  end
  -- Far apart, so that they do not ask for the same at the same time.
  position = math.floor(number * 0.618 * #requests) % #requests
end

function request()
  position = position % #requests + 1
  return requests[position]
end

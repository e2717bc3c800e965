-- Posts JSON: the argument is a file with one body a line, which are sent in turn, again and again.

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  requests = {}
  local headers = { ["Content-Type"] = "application/json" }
  for body in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("POST", nil, headers, body)
  end
  -- Far apart, so that they do not send the same at the same time.
  position = math.floor(number * 0.618 * #requests) % #requests
end

function request()
  position = position % #requests + 1
  return requests[position]
end

-- Creates users with addresses that nobody had before: the argument is a word that no other load of
-- the same server was given.

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  prefix = args[1] .. "-" .. number .. "-"
  created = 0
end

function request()
  created = created + 1
  local email = prefix .. created .. "@example.org"
  local body = '{"name":"User ' .. created .. '","email":"' .. email
    .. '","attributes":{"team":"blue"}}'
  return "POST /users HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    .. "Content-Length: " .. #body .. "\r\n\r\n" .. body
end

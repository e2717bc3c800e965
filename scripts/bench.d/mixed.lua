-- Some of everything: of 100 requests 80 read a user, 8 fetch a view, 6 create a user, 4 patch one
-- and 2 read a page. The arguments are the number of users, a word that no other load of the same
-- server was given, and how many milliseconds each connection pauses before each request.

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local function send(method, path, body, kind)
  local head = method .. " " .. path .. " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
  if not body then
    return head .. "\r\n"
  end
  return head .. "Content-Type: " .. kind .. "\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
end

function init(args)
  users = tonumber(args[1])
  prefix = args[2] .. "-" .. number .. "-"
  local pause = tonumber(args[3])
  if pause > 0 then
    delay = function() return pause end
  end
  created = 0
  math.randomseed(number + 1)
end

function request()
  local id = math.random(users)
  local chance = math.random(100)
  if chance <= 80 then
    return send("GET", "/users/" .. id)
  elseif chance <= 88 then
    return send("GET", "/users/" .. id .. "/views/profile")
  elseif chance <= 94 then
    created = created + 1
    local email = prefix .. created .. "@example.org"
    local body = '{"name":"User ' .. created .. '","email":"' .. email .. '"}'
    return send("POST", "/users", body, "application/json")
  elseif chance <= 98 then
    local body = '{"attributes":{"seen":' .. math.random(1000000) .. "}}"
    return send("PATCH", "/users/" .. id, body, "application/merge-patch+json")
  else
    return send("GET", "/users?limit=20")
  end
end

-- Verifies the password that each of the users 1 to the first argument has: the second argument.

function init(args)
  local body = '{"password":"' .. args[2] .. '"}'
  requests = {}
  for id = 1, args[1] do
    requests[id] = "POST /users/" .. id .. "/password/verify HTTP/1.1\r\nHost: 127.0.0.1\r\n"
      .. "Content-Type: application/json\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
  end
  position = 0
end

function request()
  position = position % #requests + 1
  return requests[position]
end

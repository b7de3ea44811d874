-- A visitor reads a page for five to fifteen seconds, then asks for another one.
local paths = {"/", "/programme/", "/programme/?page=2", "/programme/?q=visite", "/carte/", "/territoires/", "/chiffres/"}

function delay()
  return math.random(5000, 15000)
end

function request()
  return wrk.format("GET", paths[math.random(#paths)])
end

-- What wrk sends: the lines of a file in turn, each a path, a bearer token and a body of JSON; and what it tells in the
-- end, as one line of JSON. Arguments: the file, and whether to look into each answer for errors.

local requests, place = {}, 0
refused, wrong = 0, 0

local threads = {}
function setup(thread) threads[#threads + 1] = thread end

function init(arguments)
    for line in io.lines(arguments[1]) do
        local path, token, body = line:match("^([^\t]*)\t([^\t]*)\t(.*)$")
        local headers = {
            ["Content-Type"] = "application/json", ["Accept"] = "application/json",
            ["Authorization"] = "Bearer " .. token,
        }
        requests[#requests + 1] = wrk.format("POST", path, headers, body)
    end
    if arguments[2] == "look" then
        function response(status, _, body)
            if status == 503 or status == 429 then
                refused = refused + 1
            elseif status ~= 200 or body:find('"errors":', 1, true) or body:find('"message":', 1, true) then
                wrong = wrong + 1
            end
        end
    end
end

function request()
    place = place % #requests + 1
    return requests[place]
end

function done(summary, latency)
    local refused, wrong = 0, 0
    for _, thread in ipairs(threads) do
        refused = refused + thread:get("refused")
        wrong = wrong + thread:get("wrong")
    end
    local errors = summary.errors
    -- Without a look at each answer, those with another status than 200 are all that is known to be wrong.
    if refused + wrong == 0 then wrong = errors.status end
    print(string.format(
        '{"seconds": %f, "answers": %d, "bytes": %d, "p50": %f, "p99": %f, "most": %f, "refused": %d, "wrong": %d, "broken": %d}',
        summary.duration / 1e6, summary.requests, summary.bytes, latency:percentile(50) / 1e3,
        latency:percentile(99) / 1e3, latency.max / 1e3, refused, wrong,
        errors.connect + errors.read + errors.write + errors.timeout))
end

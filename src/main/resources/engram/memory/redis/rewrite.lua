-- Puts memories in the place of those that were read. Arguments: how many; then of each id, the revision that was read,
-- what happened, the new tier, how many vectors or -1 to keep those it has, the vectors, the fields. Returns of each
-- 'applied', 'missing', or 'changed' if it has another revision by now.
local rewrites = {}
for i = 1, takeNumber() do
  local rewrite = { id = take(), revision = take(), type = take(), tier = take() }
  if ARGV[position + 1] == '-1' then
    take()
  else
    rewrite.vectors = takePairs({}, 'v')
  end
  rewrite.fields = takePairs({}, '')
  rewrite.before = redis.call('HMGET', memoryKey(rewrite.id), 'revision', 'agent', 'kind', 'tier')
  local kind = rewrite.before[3]
  if kind and rewrite.vectors and missesActive(rewrite.vectors, modalityOf(kind)) then
    return redis.error_reply('VERSION ' .. rewrite.id)
  end
  rewrites[i] = rewrite
end

local outcomes = {}
for i, rewrite in ipairs(rewrites) do
  local key = memoryKey(rewrite.id)
  local revision, agent, kind, tier = unpack(rewrite.before)
  if not revision then
    outcomes[i] = 'missing'
  elseif revision ~= rewrite.revision then
    outcomes[i] = 'changed'
  else
    local modality = modalityOf(kind)
    local versions = live[modality]
    local fields = rewrite.fields
    local had = versions.filling and redis.call('HEXISTS', key, 'v' .. versions.filling) == 1
    local vectors = rewrite.vectors
    if not vectors then
      vectors = {}
      for _, field in pairs(versions) do
        local vector = redis.call('HGET', key, 'v' .. field)
        if vector then
          vectors[#vectors + 1] = 'v' .. field
          vectors[#vectors + 1] = vector
        end
      end
    end
    addVectors(fields, vectors, modality)
    if versions.filling then
      local hasNow = has(vectors, 'v' .. versions.filling)
      if had and not hasNow then
        countVectors(versions.filling, -1)
      elseif hasNow and not had then
        countVectors(versions.filling, 1)
      end
    end
    local sequence = nextSequence()
    fields[#fields + 1] = 'revision'
    fields[#fields + 1] = string.format('%.0f', tonumber(revision) + 1)
    fields[#fields + 1] = 'sequence'
    fields[#fields + 1] = sequence
    -- Removed first, so that no field of before stays; an index is updated by either as much as by a change in place.
    redis.call('DEL', key)
    redis.call('HSET', key, unpack(fields))
    if rewrite.tier ~= tier then
      count(agent, kind, tier, -1)
      count(agent, kind, rewrite.tier, 1)
    end
    record(sequence, rewrite.type, rewrite.id, agent, rewrite.tier)
    outcomes[i] = 'applied'
  end
end
return outcomes

// Puts the benchmark's requests to iam-simulate and prints its decisions and its speed as JSON.
import { readFileSync } from 'node:fs'
import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate'

const asked = JSON.parse(readFileSync('asked.json', 'utf8'))
const names = { Allowed: 'ALLOW', ExplicitlyDenied: 'EXPLICIT_DENY', ImplicitlyDenied: 'IMPLICIT_DENY' }
const decisions = []
const spent = []
const begun = performance.now()
for (const request of asked.requests) {
  const start = performance.now()
  const said = runUnsafeSimulation(
    {
      request: {
        principal: request.principal,
        action: request.action,
        resource: { resource: request.resource, accountId: request.account },
        contextVariables: request.context
      },
      identityPolicies: [{ name: 'identity', policy: asked.identity }],
      serviceControlPolicies: asked.scps.map((level) => ({
        orgIdentifier: level.id,
        policies: level.policies.map((policy, index) => ({ name: `${level.id}-${index}`, policy }))
      })),
      resourceControlPolicies: []
    },
    {}
  )
  spent.push(performance.now() - start)
  decisions.push(names[said] ?? said)
}
const seconds = (performance.now() - begun) / 1000
spent.sort((a, b) => a - b)
console.log(
  JSON.stringify({
    perSecond: decisions.length / seconds,
    p99: spent[Math.floor(spent.length * 0.99)],
    decisions
  })
)

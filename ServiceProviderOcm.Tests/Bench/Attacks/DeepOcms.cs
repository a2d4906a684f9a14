using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Bench.Attacks;

/// <summary>OCMs whose <c>managedFields</c>, which clients may supply, are deep.</summary>
internal sealed class DeepOcms(string name, int count, int levels) : Attack(name)
{
    protected override Task BeginAsync(Arena arena)
    {
        var fields = string.Concat(Enumerable.Repeat("{\"f:x\":", levels)) + "{}" + new string('}', levels);
        return Arena.ForEachAsync(arena.Keys(count), key => arena.World.Onboarding.Api.CreateAsync(
            arena.World.Api.Ocm,
            KubeObject.Parse(
                $$$"""
                {
                  "apiVersion": "{{{arena.World.Api.Ocm.ApiVersion}}}", "kind": "OCM",
                  "metadata": {
                    "namespace": "{{{key.Namespace}}}", "name": "{{{key.Name}}}",
                    "managedFields": [{
                      "manager": "m", "operation": "Update", "apiVersion": "{{{arena.World.Api.Ocm.ApiVersion}}}",
                      "fieldsType": "FieldsV1", "fieldsV1": {{{fields}}}
                    }]
                  },
                  "spec": { "version": "0.3.0" }
                }
                """),
            CancellationToken.None));
    }

    protected override Task CleanAsync(Arena arena) => arena.RemoveAllAsync();
}

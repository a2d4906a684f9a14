using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Bench.Attacks;

/// <summary>Many OCMs of one tenant, none with a control plane.</summary>
/// <param name="name">A row of docs/security.md.</param>
/// <param name="count">How many.</param>
/// <param name="annotationBytes">The size of an annotation of each.</param>
/// <param name="stay">Whether the next attack begins with them.</param>
internal sealed class LargeOcms(string name, int count, int annotationBytes, bool stay = false) : Attack(name)
{
    /// <summary>Creates them.</summary>
    public static Task CreateAsync(Arena arena, ResourceKind kind, int count, int annotationBytes)
    {
        var annotation = new string('x', annotationBytes);
        return Arena.ForEachAsync(arena.Keys(count), key => arena.World.Onboarding.Api.ApplyAsync(kind, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["namespace"] = key.Namespace,
                ["name"] = key.Name,
                ["annotations"] = new JsonObject { ["example.com/notes"] = annotation },
            },
            ["spec"] = new JsonObject { ["version"] = "0.3.0" },
        }));
    }

    protected override Task BeginAsync(Arena arena) => CreateAsync(arena, arena.World.Api.Ocm, count, annotationBytes);

    protected override Task CleanAsync(Arena arena) => stay ? Task.CompletedTask : arena.RemoveAllAsync();
}

using System.Globalization;
using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Tests.Bench.Attacks;

/// <summary>OCMs with so many short finalizers that the memory for them is a multiple of their text.</summary>
/// <param name="name">A row of docs/security.md.</param>
/// <param name="count">How many.</param>
/// <param name="finalizers">The number of finalizers of each.</param>
internal sealed class ManyFinalizers(string name, int count, int finalizers) : Attack(name)
{
    protected override Task BeginAsync(Arena arena)
    {
        var names = Enumerable.Range(0, finalizers).Select(number => $"a/{number.ToString("x", CultureInfo.InvariantCulture)}").ToList();
        return Arena.ForEachAsync(arena.Keys(count), key => arena.World.Onboarding.Api.ApplyAsync(arena.World.Api.Ocm, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["namespace"] = key.Namespace,
                ["name"] = key.Name,
                ["finalizers"] = new JsonArray([.. names.Select(each => (JsonNode)each)]),
            },
            ["spec"] = new JsonObject { ["version"] = "0.3.0" },
        }));
    }

    protected override async Task CleanAsync(Arena arena)
    {
        await arena.RemoveFinalizersAsync();
        await arena.RemoveAllAsync();
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Bench.Attacks;

/// <summary>A <c>ProviderConfig</c> whose poll interval has 91 characters and is none, changed every now and then.</summary>
internal sealed class HostileConfiguration(string name) : Attack(name)
{
    private const int Length = 91;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    protected override Task BeginAsync(Arena arena)
    {
        var changes = 0;
        Repeat(1, async (_, token) =>
        {
            var digits = changes++.ToString("00", CultureInfo.InvariantCulture);
            await ConfigureAsync(arena, new string('1', Length - 3) + digits + "x");
            await Task.Delay(Pause, TimeProvider.System, token);
        });
        return Task.CompletedTask;
    }

    protected override Task CleanAsync(Arena arena) => ConfigureAsync(arena, "1m");

    private static Task ConfigureAsync(Arena arena, string pollInterval) => arena.World.Platform.Api.MergePatchAsync(
        arena.World.Api.ProviderConfig,
        ObjectKey.ClusterScoped(arena.World.ProviderName),
        new JsonObject { ["spec"] = new JsonObject { ["pollInterval"] = pollInterval } });
}

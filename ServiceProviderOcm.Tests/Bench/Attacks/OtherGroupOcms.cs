using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Bench.Attacks;

/// <summary>The Worker starts while there are many OCMs of an API group that it does not serve.</summary>
/// <param name="name">A row of docs/security.md.</param>
/// <param name="count">How many.</param>
/// <param name="annotationBytes">The size of an annotation of each.</param>
internal sealed class OtherGroupOcms(string name, int count, int annotationBytes) : Attack(name)
{
    public override bool PrecedesWorker => true;

    protected override async Task BeginAsync(Arena arena)
    {
        var other = Other(arena);
        await arena.World.Clusters.InstallDefinitionsAsync(other);
        await LargeOcms.CreateAsync(arena, other.Ocm, count, annotationBytes);
    }

    protected override Task CleanAsync(Arena arena) => Arena.ForEachAsync(
        arena.Keys(count), key => arena.World.Onboarding.Api.DeleteAsync(Other(arena).Ocm, key));

    private static ProviderApi Other(Arena arena) => arena.World.Api.Others.Single();
}

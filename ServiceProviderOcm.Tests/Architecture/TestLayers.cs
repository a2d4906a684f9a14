namespace ServiceProviderOcm.Tests.Architecture;

/// <summary>The folders of the tests, from the bottom to the top; like <see cref="Layers"/>. A test may use all of the product.</summary>
internal static class TestLayers
{
    public static IReadOnlyList<Layer> Tests { get; } =
    [
        new("Tests/Architecture"),
    ];
}

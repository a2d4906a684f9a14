using FsCheck;
using FsCheck.Fluent;

namespace ServiceProviderOcm.Tests.Builders;

/// <summary>Generators of JSON.</summary>
internal static class Arbitraries
{
    private static readonly Gen<string> Scalars = Gen.Elements("1", "2.50", "\"x\"", "\"\"", "true", "false", "1e3", "[]", "[1, { \"a\": 2 }]");

    private static readonly Gen<string> Names = Gen.Elements("a", "b", "c", "finalizers", "metadata", "x.y");

    /// <summary>Objects without nulls, some levels deep, with names that often meet.</summary>
    public static readonly Gen<string> JsonObjects = ObjectsOf(3);

    private static Gen<string> ObjectsOf(int depth) =>
        Names.Zip(depth == 0 ? Scalars : Gen.OneOf(Scalars, ObjectsOf(depth - 1))).ListOf().Select(fields =>
            "{ " + string.Join(", ", fields.Take(4).DistinctBy(field => field.Item1).Select(field => $"\"{field.Item1}\": {field.Item2}")) + " }");
}

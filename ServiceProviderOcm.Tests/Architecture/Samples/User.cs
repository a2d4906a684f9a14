namespace ServiceProviderOcm.Tests.Architecture.Samples;

/// <summary>Uses each type of Used.cs in another way.</summary>
[Used(typeof(UsedInAttribute))]
internal sealed class User : UsedAsBase, IUsedAsInterface
{
    private readonly List<UsedAsArgument> _list = [];

    private readonly UsedAsField[] _field = [];

    public int Count => _list.Count + _field.Length;

    public static void Signature<T>(UsedInSignature? given)
        where T : IEnumerable<UsedAsConstraint>
    {
        _ = given;
    }

    public static object Body() => new UsedInBody();

    public static Func<int> Lambda() => () => new UsedInLambda { Value = 1 }.Value;

    public static async Task AsyncMethod() => await UsedInAsync.RunAsync();

    public static IEnumerable<object> Iterator()
    {
        yield return new UsedInIterator();
    }

    public static int Extension() => 21.Twice();

    public static string Inlined() => $"{UsedConstants.Answer}{(int)UsedLevel.Low}{nameof(UsedByName)}";

    private sealed class Nested
    {
        public UsedInNestedType? Field { get; set; }
    }
}

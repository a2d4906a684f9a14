namespace ServiceProviderOcm.Tests.Architecture.Samples;

internal class UsedAsBase;

internal interface IUsedAsInterface;

internal sealed class UsedAsArgument;

internal sealed class UsedInAttribute;

[AttributeUsage(AttributeTargets.All)]
internal sealed class UsedAttribute(Type type) : Attribute
{
    public Type Type => type;
}

internal sealed class UsedAsField;

internal sealed class UsedAsConstraint;

internal sealed class UsedInSignature;

internal sealed class UsedInBody;

internal sealed class UsedInLambda
{
    public int Value { get; set; }
}

internal sealed class UsedInAsync
{
    public static Task RunAsync() => Task.CompletedTask;
}

internal sealed class UsedInIterator;

internal sealed class UsedInNestedType;

internal static class UsedExtensions
{
    public static int Twice(this int number) => 2 * number;
}

internal static class UsedConstants
{
    public const int Answer = 42;
}

internal enum UsedLevel
{
    Low,
}

internal sealed class UsedByName;

using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ServiceProviderOcm.Tests.Architecture;

/// <summary>
/// All references of a top-level type and of all that is nested in it, lambdas, iterators and async methods included: base types,
/// interfaces, constraints, attributes, fields, signatures, local variables and method bodies. Each is traced back to the top-level
/// types that it consists of.
/// </summary>
internal static class TypeReferences
{
    public static IEnumerable<(TypeReference Used, string Where)> Of(TypeDefinition type) =>
        Declared(type).SelectMany(found => TopLevel(found.Used).Select(used => (used, found.Where)))
            .Concat(type.NestedTypes.SelectMany(Of));

    private static IEnumerable<(TypeReference? Used, string Where)> Declared(TypeDefinition type)
    {
        var header = new[] { type.BaseType }
            .Concat(type.Interfaces.Select(implemented => implemented.InterfaceType))
            .Concat(Constraints(type))
            .Concat(Attributes(type));
        return Named("its declaration", header)
            .Concat(type.Fields.SelectMany(field => Named(field.Name, [field.FieldType, .. Attributes(field)])))
            .Concat(type.Properties.SelectMany(property => Named(property.Name, [property.PropertyType, .. Attributes(property)])))
            .Concat(type.Events.SelectMany(raised => Named(raised.Name, [raised.EventType, .. Attributes(raised)])))
            .Concat(type.Methods.SelectMany(method => Named(method.Name, [.. Signature(method), .. Body(method)])));
    }

    private static IEnumerable<(TypeReference? Used, string Where)> Named(string member, IEnumerable<TypeReference?> used) =>
        used.Select(type => (type, member));

    private static IEnumerable<TypeReference?> Signature(MethodDefinition method) =>
        [
            method.ReturnType,
            .. Attributes(method.MethodReturnType),
            .. method.Parameters.SelectMany(parameter => new[] { parameter.ParameterType }.Concat(Attributes(parameter))),
            .. Constraints(method),
            .. Attributes(method),
            .. method.Overrides.SelectMany(Referred),
        ];

    private static IEnumerable<TypeReference?> Body(MethodDefinition method) =>
        method.HasBody
            ?
            [
                .. method.Body.Variables.Select(variable => variable.VariableType),
                .. method.Body.ExceptionHandlers.Select(handler => handler.CatchType),
                .. method.Body.Instructions.SelectMany(Operand),
            ]
            : [];

    private static IEnumerable<TypeReference?> Operand(Instruction instruction) =>
        instruction.Operand switch
        {
            TypeReference type => [type],
            FieldReference field => [field.DeclaringType, field.FieldType],
            MethodReference method => Referred(method),
            CallSite site => [site.ReturnType, .. site.Parameters.Select(parameter => parameter.ParameterType)],
            _ => [],
        };

    private static IEnumerable<TypeReference?> Referred(MethodReference method) =>
        [
            method.DeclaringType,
            method.ReturnType,
            .. method.Parameters.Select(parameter => parameter.ParameterType),
            .. method is GenericInstanceMethod generic ? generic.GenericArguments : [],
        ];

    private static IEnumerable<TypeReference> Constraints(IGenericParameterProvider provider) =>
        provider.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType);

    private static IEnumerable<TypeReference> Attributes(ICustomAttributeProvider provider) =>
        provider.CustomAttributes.SelectMany(attribute =>
            new[] { attribute.AttributeType }.Concat(
                attribute.ConstructorArguments
                    .Concat(attribute.Properties.Select(property => property.Argument))
                    .Concat(attribute.Fields.Select(field => field.Argument))
                    .SelectMany(Types)));

    private static IEnumerable<TypeReference> Types(CustomAttributeArgument argument) =>
        argument.Value switch
        {
            TypeReference type => [argument.Type, type],
            CustomAttributeArgument[] elements => [argument.Type, .. elements.SelectMany(Types)],
            CustomAttributeArgument boxed => Types(boxed),
            _ => [argument.Type],
        };

    private static IEnumerable<TypeReference> TopLevel(TypeReference? type) =>
        type switch
        {
            null or GenericParameter => [],
            GenericInstanceType generic => [.. TopLevel(generic.ElementType), .. generic.GenericArguments.SelectMany(TopLevel)],
            IModifierType modified => [.. TopLevel(modified.ElementType), .. TopLevel(modified.ModifierType)],
            FunctionPointerType pointer =>
                [.. TopLevel(pointer.ReturnType), .. pointer.Parameters.SelectMany(parameter => TopLevel(parameter.ParameterType))],
            TypeSpecification wrapped => TopLevel(wrapped.ElementType),
            { DeclaringType: { } outer } => TopLevel(outer),
            _ => [type],
        };
}
